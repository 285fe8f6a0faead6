import { MultiSelect, Select, TextInput } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import type { ReactElement } from 'react';
import { DIMENSIONS, DIMENSION_NAMES, type Dimension, type UsageQuestion } from './usage-question.js';
import classes from './usage.module.css';

const BUCKETS = [
  { value: 'none', label: 'the whole time' },
  { value: 'hour', label: 'hour' },
  { value: 'day', label: 'day' },
  { value: 'month', label: 'month' },
] as const;

/** What is asked of the usage, to be changed. */
export function UsageFilters({
  question,
  onChange,
  dimensions = DIMENSION_NAMES,
}: {
  readonly question: UsageQuestion;
  readonly onChange: (question: UsageQuestion) => void;
  readonly dimensions?: readonly Dimension[];
}): ReactElement {
  const set = (change: Partial<UsageQuestion>): void => onChange({ ...question, ...change });
  return (
    <div className={classes.filters}>
      <Select
        label="By time"
        data={[...BUCKETS]}
        value={question.bucket}
        onChange={(bucket) => set({ bucket: bucket ?? 'none' })}
        allowDeselect={false}
      />
      <MultiSelect
        label="Group by"
        data={dimensions.map((value) => ({ value, label: DIMENSIONS[value] }))}
        value={[...question.groupBy]}
        onChange={(groupBy) => set({ groupBy })}
      />
      <DatePickerInput
        label="From (UTC)"
        value={question.from}
        onChange={(from) => set({ from })}
        clearable
      />
      <DatePickerInput label="To (UTC)" value={question.to} onChange={(to) => set({ to })} clearable />
      {dimensions.map((name) => (
        <TextInput
          key={name}
          label={`Only this ${DIMENSIONS[name].toLowerCase()}`}
          value={question.filter[name] ?? ''}
          onChange={(event) =>
            set({ filter: { ...question.filter, [name]: event.currentTarget.value.trim() } })
          }
        />
      ))}
    </div>
  );
}
