import { startMockModelProvider } from '@tollgate/mock-model-provider';

const provider = await startMockModelProvider({ record: 'totals' });

process.on('disconnect', () => void provider.close());
process.on('SIGTERM', () => void provider.close().then(() => process.disconnect?.()));
process.send?.({ url: provider.url });
