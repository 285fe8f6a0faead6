import { Controller, Get, Header } from '@nestjs/common';
import { HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import { ReadinessIndicator } from './readiness.indicator.js';
import { ServiceHealth, type HealthReport } from './service-health.js';

/** Health of a service: a report for people, and the two checks of Kubernetes. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: ServiceHealth,
    private readonly checks: HealthCheckService,
    private readonly readiness: ReadinessIndicator,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  report(): Promise<HealthReport> {
    return this.health.report();
  }

  /** 503 exactly when requests would be refused, and while draining. */
  @Get('ready')
  @Header('cache-control', 'no-store')
  ready(): Promise<HealthCheckResult> {
    return this.checks.check([() => this.readiness.check()]);
  }

  /** Answers while the process can answer at all; touches nothing outside. */
  @Get('live')
  @Header('cache-control', 'no-store')
  live(): Promise<HealthCheckResult> {
    return this.checks.check([]);
  }
}
