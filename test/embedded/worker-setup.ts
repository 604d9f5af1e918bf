import { takeMine } from './worker-aws';

takeMine();
