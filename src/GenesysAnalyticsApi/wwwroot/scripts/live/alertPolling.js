// Polls GET /alerts. If the service has no alert rules, or the caller has no access to alerts, the list is empty.
import { ApiFailure, get } from '../requests/api.js';
import { Polling } from '../requests/polling.js';

/** Seconds until the next request after a rejected one, for example if the service has no alert rules. */
const retryAfterRefusal = 1800;

/** Seconds between two requests. The service evaluates its rules about every 10 s. */
const interval = 15;

/** @param show callback that receives the alerts, or null if they cannot be loaded at the moment */
export function followAlerts(show) {
  return new Polling(async signal => {
    try {
      const { body } = await get('alerts', signal);
      show(body.alerts ?? []);
      return interval;
    } catch (failure) {
      if (!(failure instanceof ApiFailure)) throw failure;
      const isRefused = failure.needsKey || failure.isPermanent;
      show(isRefused ? [] : null);
      return isRefused ? retryAfterRefusal : failure.retryAfter ?? 30;
    }
  });
}
