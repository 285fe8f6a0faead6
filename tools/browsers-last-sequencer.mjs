import Sequencer from '@jest/test-sequencer';

const isInBrowser = ({ path }) => path.includes('/apps/console/');

/** Runs what drives a browser behind everything else: a browser takes both cores, and others watch the clock. */
export default class BrowsersLast extends Sequencer {
  sort(tests) {
    const sorted = [...super.sort(tests)];
    return [...sorted.filter((test) => !isInBrowser(test)), ...sorted.filter(isInBrowser)];
  }
}
