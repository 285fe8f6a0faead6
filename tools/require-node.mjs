/** Ends the npm script with one clear sentence when its Node is too old. Must itself run on any Node. */
const required = [26, 0];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < required[0] || (major === required[0] && minor < required[1])) {
  console.error(
    `Tollgate needs Node ${required.join('.')} or newer and this is ${process.versions.node}: ` +
      'run "npm ci", which installs one, and start the command as an npm script.',
  );
  process.exit(1);
}
