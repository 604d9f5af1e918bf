import { type AwsApi } from '../api';
import { type DeployedResource } from '../stack';
import { alarms } from './alarms';
import { events } from './events';
import { functions } from './functions';
import { identity } from './identity';
import { logs } from './logs';
import { machines } from './machines';
import { messages } from './messages';
import { storage } from './storage';

/** Gives what the API says of a resource, under the names and paths of the template's properties. */
export type Describer = (api: AwsApi, resource: DeployedResource) => Promise<Record<string, unknown>>;
export type Describers = Readonly<Record<string, Describer>>;

/** By resource type. What is not here is reported as not compared. */
export const DESCRIBERS: Describers = {
  ...alarms,
  ...events,
  ...functions,
  ...identity,
  ...logs,
  ...machines,
  ...messages,
  ...storage,
};
