import { Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { River } from '../call/river.js';
import { answerPlain } from './plain-answer.js';
import { answerStream } from './stream-answer.js';

/** OpenAI's chat completions, plain and streamed. */
@Controller('v1/chat/completions')
export class ChatCompletionsController {
  constructor(private readonly river: River) {}

  @Post()
  async create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const call = await this.river.enter(request.raw, request.id, request.body);
    try {
      await (call.facts.request.stream
        ? answerStream(this.river, call, reply)
        : answerPlain(this.river, call, reply));
    } catch (error) {
      await this.river.abandon(call);
      throw error;
    }
  }
}
