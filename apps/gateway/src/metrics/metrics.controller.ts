import { Controller, Get, Res } from '@nestjs/common';
import { PrometheusController } from '@willsoto/nestjs-prometheus';
import type { FastifyReply } from 'fastify';
import { GatewayMetrics } from '@tollgate/metrics';
import { readClusterMetrics } from '../cluster/cluster-metrics.js';

/** GET /metrics: of this process, or of all workers when there are several. */
@Controller()
export class MetricsController extends PrometheusController {
  constructor(private readonly metrics: GatewayMetrics) {
    super();
  }

  @Get()
  override async index(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('content-type', this.metrics.registry.contentType);
    return (await readClusterMetrics()) ?? this.metrics.registry.metrics();
  }
}
