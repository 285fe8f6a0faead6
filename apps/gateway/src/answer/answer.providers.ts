import type { Provider } from '@nestjs/common';
import type { Settings } from '@tollgate/config';
import type { ErrorListener } from '@tollgate/http';
import { River } from '../call/river.js';
import { FastLane } from './fast-lane.js';
import { ModelCalls } from './model-calls.js';
import { UpstreamAttempts } from '../call/attempts/upstream-attempts.js';
import { CheckpointCalls } from '../checkpoints/checkpoint-calls.js';
import { ERROR_LISTENER, SETTINGS } from '../tokens.js';

const SECOND_MS = 1000;
const MIB = 1024 * 1024;

/** What answers requests. */
export const answerProviders: Provider[] = [
  {
    provide: ModelCalls,
    useFactory: ({ env }: Settings, river: River, attempts: UpstreamAttempts, onRefused: ErrorListener) =>
      new ModelCalls({ river, attempts, keepAliveMs: env.SSE_KEEPALIVE_SECONDS * SECOND_MS, onRefused }),
    inject: [SETTINGS, River, UpstreamAttempts, ERROR_LISTENER],
  },
  {
    provide: FastLane,
    useFactory: (
      { env }: Settings,
      models: ModelCalls,
      checkpoints: CheckpointCalls,
      onRefused: ErrorListener,
    ) => new FastLane({ models, checkpoints, maxBodyBytes: env.MAX_BODY_MIB * MIB, onRefused }),
    inject: [SETTINGS, ModelCalls, CheckpointCalls, ERROR_LISTENER],
  },
];
