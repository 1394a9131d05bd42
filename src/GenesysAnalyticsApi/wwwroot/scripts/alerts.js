// The alerts of GET /alerts. Without alert rules, or for a caller who may not see them, there is nothing to show.
import { ApiFailure, get } from './api.js';
import { Polling } from './polling.js';

/** Seconds until alerts are asked for again after a refusal, for example because the service has none. */
const afterRefusal = 1800;

/** Seconds between two requests. The service evaluates its rules on what is read anyway, about every ten seconds. */
const pace = 15;

/** @param show called with the alerts, and null if they cannot be read at the moment */
export function followAlerts(show) {
  return new Polling(async signal => {
    try {
      const { body } = await get('alerts', signal);
      show(body.alerts ?? []);
      return pace;
    } catch (failure) {
      if (!(failure instanceof ApiFailure)) throw failure;
      const isRefused = failure.needsKey || failure.isPermanent;
      show(isRefused ? [] : null);
      return isRefused ? afterRefusal : failure.retryAfter ?? 30;
    }
  });
}
