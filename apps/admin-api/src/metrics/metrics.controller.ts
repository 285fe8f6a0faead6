import { Controller, Get, Res } from '@nestjs/common';
import { ServiceMetrics } from '@tollgate/metrics';
import { PrometheusController } from '@willsoto/nestjs-prometheus';
import type { FastifyReply } from 'fastify';

/** GET /metrics. */
@Controller()
export class MetricsController extends PrometheusController {
  constructor(private readonly metrics: ServiceMetrics) {
    super();
  }

  @Get()
  override index(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('content-type', this.metrics.registry.contentType);
    return this.metrics.registry.metrics();
  }
}
