import { Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ModelCalls } from '../answer/model-calls.js';
import { MODEL_ROUTES } from '../call/model-route.js';

/** OpenAI's chat completions, plain and streamed. */
@Controller('v1/chat/completions')
export class ChatCompletionsController {
  constructor(private readonly calls: ModelCalls) {}

  @Post()
  create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.calls.serve(MODEL_ROUTES.chat, request, reply);
  }
}
