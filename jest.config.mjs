import preset from './jest.preset.js';

/** One run over all packages. */
export default {
  ...preset,
  rootDir: import.meta.dirname,
  testMatch: ['<rootDir>/{apps,libs,tools}/*/src/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/(apps|libs|tools)/[^/]+/dist/'],
  setupFiles: ['<rootDir>/jest.setup.mjs'],
  maxWorkers: 2,
  testSequencer: '<rootDir>/tools/browsers-last-sequencer.mjs',
  testTimeout: 30_000,
  reporters: ['default', '<rootDir>/tools/plain-summary-reporter.mjs'],
};
