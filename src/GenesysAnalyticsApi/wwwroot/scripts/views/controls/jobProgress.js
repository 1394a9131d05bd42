// The progress of a query that the service reads in the background.
import { h } from '../../display/elements.js';
import { figureText, timeLeftText } from '../../display/format.js';

/** "Reading 269 of 367 parts, about 20 s left" */
export function jobText(job) {
  const left = job.estimatedSecondsLeft ? `, ${timeLeftText(job.estimatedSecondsLeft)}` : '';
  if (job.isUnreachable) return 'Connection lost, retrying';
  switch (job.state) {
    case 'waiting': return 'Waiting for the other figures';
    case 'queued': return `Waiting to start${left}`;
    case 'running': return `Reading ${figureText(job.progress.done, 'count')} of ${figureText(job.progress.total, 'count')} parts${left}`;
    default: return 'Loading the result';
  }
}

/** A progress bar. It is empty until the number of parts is known. */
export const jobBar = job => setBar(h('progress', { class: 'job-bar', 'aria-label': 'Parts read' }), job);

function setBar(bar, job) {
  bar.max = job.progress?.total || 1;
  bar.value = job.state === 'succeeded' ? bar.max : job.progress?.done ?? 0;
  bar.setAttribute('aria-valuetext', jobText(job));
  return bar;
}

/**
 * The progress of a job, with a button that cancels it. `show` updates it in place, so that the bar moves smoothly.
 * @returns {{ element: Element, show: (job: object, cancel: () => void) => void }}
 */
export function jobProgress(id, whenDone = 'The figures appear here when all parts have been read.') {
  const text = h('p', { id: `${id}-job-text` });
  const bar = jobBar({ state: 'waiting' });
  const button = h('button', { type: 'button', id: `${id}-job-cancel`, 'aria-describedby': `${id}-job-text` }, 'Cancel');
  const element = h('div', { class: 'job', id: `${id}-job` }, text, button, bar,
    h('p', { class: 'quiet' }, `This takes many requests to Genesys Cloud. ${whenDone}`));
  return {
    element,
    show(job, cancel) {
      text.textContent = jobText(job);
      setBar(bar, job);
      button.onclick = cancel;
    },
  };
}
