// Loaded before the app: whatever would reach the network or start a program ends it.
const refuse = (what) => () => {
  throw new Error(`the app tried to ${what}`);
};
require('node:net').Socket.prototype.connect = refuse('open a connection');
for (const name of ['lookup', 'resolve']) require('node:dns')[name] = refuse('look up a name');
const processes = require('node:child_process');
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']) {
  processes[name] = refuse(`start a program (${name})`);
}
