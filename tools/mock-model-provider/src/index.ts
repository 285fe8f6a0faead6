export type { MockBill, ServedCall, ServedStatus } from './mock-bill.js';
export type {
  ErrorBodyKind,
  GarbageKind,
  MockBehaviour,
  MockToolCall,
  WrongUsage,
} from './mock-behaviour.js';
export {
  MockModelProvider,
  startMockModelProvider,
  type BehaviourChoice,
  type MockModelProviderOptions,
} from './mock-model-provider.js';
export type { MockRequest } from './mock-request.js';
export type { TokenUsage } from './token-usage.js';
export { parseBehaviour } from './behaviour-parser.js';
