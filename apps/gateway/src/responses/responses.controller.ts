import { Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ModelCalls } from '../answer/model-calls.js';
import { MODEL_ROUTES } from '../call/model-route.js';

/** OpenAI's responses, plain and streamed. None is stored, so there is nothing to get or delete. */
@Controller('v1/responses')
export class ResponsesController {
  constructor(private readonly calls: ModelCalls) {}

  @Post()
  create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.calls.serve(MODEL_ROUTES.responses, request, reply);
  }
}
