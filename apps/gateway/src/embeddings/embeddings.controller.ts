import { Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ModelCalls } from '../answer/model-calls.js';
import { MODEL_ROUTES } from '../call/model-route.js';

/** OpenAI's embeddings. */
@Controller('v1/embeddings')
export class EmbeddingsController {
  constructor(private readonly calls: ModelCalls) {}

  @Post()
  create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.calls.serve(MODEL_ROUTES.embeddings, request, reply);
  }
}
