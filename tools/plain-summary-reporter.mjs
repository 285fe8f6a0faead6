/** Jest reporter that prints `N passed, N failed` alone on the last line, for whoever reads logs with a program. */
export default class PlainSummaryReporter {
  onRunComplete(_contexts, results) {
    // A test file that does not even load holds no failed test, and must not look like a success.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const line = `${results.numPassedTests} passed, ${failed} failed\n`;
    // Jest's own summary always comes after all other reporters.
    process.once('exit', () => process.stdout.write(line));
  }
}
