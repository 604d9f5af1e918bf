export * from './event-source';
export * from './finding-source';
export * from './global-events-forwarder';
export * from './log-source';
