import type { JsonObject } from '../../lib/model/json';
import { type CallFilter, type RecordedCall } from './call';
import { type ActiveFault, type Fault } from './fault';

/** What can be asked of the recording proxy, in its own process or over HTTP (`proxy-client.ts`) alike. */
export interface ProxyControl {
  /** The calls that went through, oldest first. */
  calls(filter?: CallFilter): Promise<RecordedCall[]>;
  /** The number of the newest call, for `after`; 0 before the first. */
  last(): Promise<number>;
  /** Forgets the calls so far. */
  clear(): Promise<void>;
  /** Makes coming calls fail; gives the fault's id. */
  inject(fault: Fault): Promise<string>;
  faults(): Promise<ActiveFault[]>;
  /** Ends one fault; harmless where it is gone. */
  remove(id: string): Promise<void>;
  /** Counts a process of the caller's own as a Lambda worker: the kill faults may end it. */
  adopt(pid: number): Promise<void>;
  clearFaults(): Promise<void>;
  /** CloudTrail's LookupEvents gives this record from now on: the embedded AWS records none by itself. */
  putTrailEvent(record: JsonObject): Promise<void>;
}

/** Paths under which the proxy answers itself; everything else goes to the emulators. */
export const CONTROL_PATH = '/_firebreak/';
/** `/_firebreak/host/<host>/<path>` reaches an API Gateway or function URL, whose host name does not resolve here. */
export const HOST_PATH = '/_firebreak/host/';
