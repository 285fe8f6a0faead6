import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ServiceMetrics } from '@tollgate/metrics';
import { PrometheusController } from '@willsoto/nestjs-prometheus';
import type { FastifyReply } from 'fastify';
import { STATE_PROBE, type StateProbe } from './state-probe.js';

/** GET /metrics. */
@Controller()
export class MetricsController extends PrometheusController {
  constructor(
    private readonly metrics: ServiceMetrics,
    @Inject(STATE_PROBE) private readonly state: StateProbe,
  ) {
    super();
  }

  @Get()
  override async index(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('content-type', this.metrics.registry.contentType);
    await this.state.run();
    return this.metrics.registry.metrics();
  }
}
