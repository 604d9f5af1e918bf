import { startWorker } from '../cli/hunt/worker';

startWorker();
