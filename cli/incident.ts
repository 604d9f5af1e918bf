import type { Command } from 'commander';
import { registerAck } from './incident/ack';
import { registerApprove, registerDecline } from './incident/decide';
import { registerClose } from './incident/close';
import { registerList } from './incident/list';
import { registerNote } from './incident/note';
import { registerOpen } from './incident/open';
import { registerReport } from './incident/report';
import { registerShow } from './incident/show';
import { registerHandOver } from './incident/hand-over';
import { registerSnooze } from './incident/snooze';
import { registerMoment } from './incident/moment';
import { registerStats } from './incident/stats';
import { registerSuppressed } from './incident/suppressed';
import { registerVerify } from './incident/verify';
import type { Io } from './io';

/** `firebreak incident …`: talks to a deployed stack. */
export function registerIncident(program: Command, io: Io): void {
  const incident = program.command('incident').description('incidents of a deployed stack');
  for (const register of [
    registerList,
    registerShow,
    registerOpen,
    registerAck,
    registerApprove,
    registerDecline,
    registerNote,
    registerSnooze,
    registerHandOver,
    registerClose,
    registerReport,
    registerVerify,
    registerSuppressed,
    registerMoment,
    registerStats,
  ]) {
    register(incident, io);
  }
}
