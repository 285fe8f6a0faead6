import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { ServiceHealth } from './service-health.js';

/** Down exactly when requests would be refused. */
@Injectable()
export class ReadinessIndicator {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly health: ServiceHealth,
  ) {}

  async check(): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(this.health.service);
    const reason = await this.health.findRefusal();
    return reason === undefined ? indicator.up() : indicator.down({ reason });
  }
}
