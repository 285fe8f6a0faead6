export { floorRules } from './plugin.js';
export { nxConstraints } from './floor.js';
