import { Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ModelCalls } from '../answer/model-calls.js';
import { MODEL_ROUTES } from '../call/model-route.js';

/** Anthropic's messages, plain and streamed, and their token count. */
@Controller('v1/messages')
export class MessagesController {
  constructor(private readonly calls: ModelCalls) {}

  @Post()
  create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.calls.serve(MODEL_ROUTES.messages, request, reply);
  }

  @Post('count_tokens')
  countTokens(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.calls.serve(MODEL_ROUTES.countTokens, request, reply);
  }
}
