import { useState, type ReactElement } from 'react';
import { UsageFilters } from './usage-filters.js';
import { DIMENSION_NAMES, type UsageQuestion } from './usage-question.js';
import { UsageTable } from './usage-table.js';

const START: UsageQuestion = {
  bucket: 'none',
  groupBy: ['agent_id', 'model'],
  filter: {},
  from: null,
  to: null,
};
const OWN_DIMENSIONS = DIMENSION_NAMES.filter((name) => name !== 'tenant_id');

/** What one tenant used. */
export function UsagePanel({ tenantId }: { readonly tenantId: string }): ReactElement {
  const [question, setQuestion] = useState(START);
  const own = { ...question, filter: { ...question.filter, tenant_id: tenantId } };
  return (
    <>
      <UsageFilters question={question} onChange={setQuestion} dimensions={OWN_DIMENSIONS} />
      <UsageTable question={own} />
    </>
  );
}
