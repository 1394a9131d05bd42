// Wall mode: large figures without controls, one queue after the other, with the state of the data in words.
import { byId, fill, h } from '../../display/elements.js';
import { figureOf, isMissed, targetOf } from '../../state/figures.js';
import { changeOf, changeSign, dataAgeText, figureText, granularityText } from '../../display/format.js';
import { filterText, queueName } from '../../state/names.js';
import { periodOf } from '../../state/periods.js';
import { jobBar, jobText } from '../controls/jobProgress.js';
import { lineChart, lineValues } from '../period/trend.js';
import { setWallQueue, wallPlaces } from './wallLiveQueues.js';

const screenFigures = ['totalInteractions', 'answered', 'serviceLevel', 'abandonRate', 'averageSpeedOfAnswerMs', 'averageWaitTimeMs', 'longestWaitMs', 'averageHandleTimeMs'];

let screens = [];
let position = 0;
let shown = null;
let failure = null;
let job = null;
let chart = null;

/** @param onLeave callback that is called when the user leaves wall mode */
export function startWall(state, onLeave) {
  document.body.classList.add('wall-mode');
  byId('wall').hidden = false;
  setInterval(() => { position++; render(state); }, state.rotate * 1000);
  setInterval(() => { if (shown) byId('wall-state').textContent = stateText(state, shown.figuresBody.meta); }, 10_000);
  addEventListener('resize', () => render(state));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => render(state));
  addExit(onLeave);
  keepAwake();
  document.addEventListener('visibilitychange', () => { if (!document.hidden) keepAwake(); });
}

/** Adds a button that leaves wall mode and appears when the mouse moves. Escape always leaves wall mode. */
function addExit(onLeave) {
  const exit = h('button', { type: 'button', id: 'wall-exit', class: 'wall-exit', hidden: true, onclick: onLeave }, 'Leave wall mode');
  document.body.append(exit);
  let timer = null;
  document.addEventListener('pointermove', () => {
    exit.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(() => { exit.hidden = true; }, 4000);
  });
  document.addEventListener('keydown', event => { if (event.key === 'Escape') onLeave(); });
}

/** Asks the browser to keep the screen on. If it refuses, the power settings of the device apply. */
async function keepAwake() {
  try {
    await navigator.wakeLock?.request('screen');
  } catch {
    // The browser refuses if the battery is low or the page is not served over HTTPS.
  }
}

export function showWall(state, queues, figuresBody, comparedBody, trendQuery, trendBody) {
  failure = job = null;
  shown = { figuresBody, trendQuery };
  const ids = state.queueId.length > 0 ? state.queueId : [null];
  screens = ids.map(id => {
    const record = figuresBody.records.find(({ queueId }) => id === null || queueId === id) ?? null;
    return {
      id,
      title: (id === null ? 'All queues' : queueName(id, queues, record?.queueName)) + filterText(state, queues),
      record,
      previous: comparedBody.records.find(({ queueId }) => id === null || queueId === id)?.previous ?? null,
      buckets: trendBody.records.filter(({ queueId }) => id === null || queueId === id),
    };
  });
  render(state);
}

/** Keeps the last figures, and shows the failure below them. */
export function showWallFailure(state, text) {
  failure = text;
  job = null;
  render(state);
}

/** Shows the progress of a job. The last figures stay until the new ones arrive. */
export function showWallJob(state, current) {
  job = current;
  if (shown) byId('wall-state').textContent = stateText(state, shown.figuresBody.meta);
  else render(state);
}

function render(state) {
  const wall = byId('wall');
  if (!shown) {
    fill(wall, h('p', { class: failure ? 'wall-failure' : 'loading', role: 'status' }, failure ?? (job ? jobText(job) : 'Loading figures…')), job ? jobBar(job) : null);
    return;
  }
  const index = position % screens.length;
  const screen = screens[index];
  const { meta } = shown.figuresBody;
  const figure = figureOf(state.figure);
  // Without `destroy`, listeners of old charts would accumulate, and the wall runs for weeks.
  chart?.destroy();
  chart = null;
  setWallQueue(screen.id);
  wall.replaceChildren(
    h('header', { class: 'wall-head' },
      h('h1', {}, screen.title),
      h('p', {}, `${periodOf(state).title} (${state.timeZone}), compared with ${periodOf(state).previous}`),
      screens.length > 1 ? h('p', { class: 'quiet' }, `${index + 1} of ${screens.length}`) : null,
      wallPlaces.state),
    wallPlaces.alerts,
    wallPlaces.figures,
    h('ul', { class: 'wall-figures' }, screenFigures.map(field => wallFigure(figureOf(field), screen))),
    h('div', { class: 'wall-below' }, h('section', { class: 'wall-trend', 'aria-label': figure.title }, h('h2', { class: 'legend' }, h('span', { class: 'key current' }, `${figure.title} per ${granularityText[shown.trendQuery.granularity]}`), h('span', { class: 'key before' }, 'Previous'),
      figure.target ? h('span', { class: 'key target-line' }, 'Target') : null), h('div', { id: 'wall-chart', class: 'chart' })), wallPlaces.rows),
    h('p', { id: 'wall-state', class: `wall-state ${failure || meta.stale || !meta.complete ? 'bad' : ''}`, role: 'status' }, stateText(state, meta)));
  drawTrend(state, screen, figure);
}

function wallFigure(figure, { record, previous }) {
  const value = record?.[figure.field] ?? null;
  const change = changeOf(value, previous?.[figure.field], figure);
  const target = targetOf(figure, record);
  const missed = isMissed(figure, record);
  return h('li', { class: `wall-figure ${missed ? 'missed' : ''}`, 'data-field': figure.field, 'data-value': value ?? '' },
    h('span', { class: 'name' }, figure.title), h('span', { class: 'value' }, figureText(value, figure.unit)),
    h('span', { class: `change ${target === null ? change?.verdict ?? '' : missed ? 'worse' : 'better'}` },
      target !== null ? `target ${figureText(target, 'ratio')}${value === null ? '' : missed ? ', not met' : ', met'}` : change ? `${changeSign[change.direction]} ${change.text}` : ''));
}

function stateText(state, meta) {
  const age = meta.asOf ? `${dataAgeText(meta.asOf, state.timeZone)}.` : '';
  return [failure, job ? `${jobText(job)}.` : '', age, meta.complete ? '' : 'Incomplete: some data is missing.', meta.stale ? 'Out of date: Genesys Cloud could not be reached.' : '', meta.final ? '' : 'Figures may still change.'].filter(Boolean).join(' ');
}

const sizeOf = place => ({ width: Math.max(200, place.clientWidth), height: Math.max(120, place.clientHeight) });

const resizing = new ResizeObserver(() => { if (byId('wall-chart')) chart?.setSize(sizeOf(byId('wall-chart'))); });

function drawTrend(state, screen, figure) {
  const place = byId('wall-chart');
  if (screen.buckets.length < 2) return;
  const scale = Math.max(1, Math.min(2.5, innerWidth / 1400));
  chart = new uPlot(lineChart(figure, shown.trendQuery, state, sizeOf(place), null, scale), lineValues(figure, screen.buckets), place);
  // Content above the chart, such as an alert, can grow and leave less room.
  resizing.disconnect();
  resizing.observe(place);
}

