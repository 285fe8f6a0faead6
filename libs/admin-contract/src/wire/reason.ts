import { z } from 'zod';

/** Why an operator does something: it is kept, and shown. */
export const reasonInput = z
  .string()
  .regex(/^\P{Cc}{1,500}$/u, 'must be 1 to 500 characters, none of them control characters')
  .refine((text) => text.trim() !== '', 'must say something');
