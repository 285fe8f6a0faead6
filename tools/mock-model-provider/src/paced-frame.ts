import type { StreamFrame } from './wire-renderer.js';

/** A frame and the wait before it. */
export interface PacedFrame {
  readonly frame: StreamFrame;
  readonly delayMs: number;
}
