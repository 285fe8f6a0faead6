import { Button } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { ScreenTitle } from '../layout/screen-title.js';
import { UsageFilters } from './usage-filters.js';
import { exportUrl, type UsageQuestion } from './usage-question.js';
import { UsageTable } from './usage-table.js';

const START: UsageQuestion = { bucket: 'day', groupBy: ['tenant_id'], filter: {}, from: null, to: null };

/** What was used, by time and whatever else somebody asks for; from the beginning of the month, unless a time is chosen. */
export function UsageScreen(): ReactElement {
  const [question, setQuestion] = useState(START);
  return (
    <>
      <ScreenTitle title="Usage">
        <Button component="a" variant="default" href={exportUrl(question, 'csv')} download="usage.csv">
          Export CSV
        </Button>
        <Button component="a" variant="default" href={exportUrl(question, 'jsonl')} download="usage.jsonl">
          Export JSON lines
        </Button>
      </ScreenTitle>
      <UsageFilters question={question} onChange={setQuestion} />
      <UsageTable question={question} />
    </>
  );
}
