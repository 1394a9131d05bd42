// Reads from the simulator with the official SDK, as an application would read from Genesys.
// Usage: node check.mjs <port> <from> <to> <clientId> <clientSecret>; prints one line of JSON.
import platform from 'purecloud-platform-client-v2';

const [port, from, to, clientId, clientSecret] = process.argv.slice(2);
const client = platform.ApiClient.instance;
client.config.setGateway({ host: '127.0.0.1', protocol: 'http', port: Number(port) });
const found = {};

try {
  await client.loginClientCredentialsGrant(clientId, `${clientSecret}-wrong`);
  found.wrongSecret = 200;
} catch (error) {
  found.wrongSecret = error.status ?? error.error ?? String(error);
}

const token = await client.loginClientCredentialsGrant(clientId, clientSecret);
found.tokenIsTaken = token.accessToken.length > 0;

const routing = new platform.RoutingApi();
const queues = [];
let page = 1;
let pageCount;
do {
  const listing = await routing.getRoutingQueues({ pageNumber: page, pageSize: 25 });
  queues.push(...listing.entities);
  pageCount = listing.pageCount;
  found.total = listing.total;
} while (page++ < pageCount);
found.queues = queues.length;
found.distinctQueues = new Set(queues.map((queue) => queue.id)).size;
found.pages = pageCount;

const wanted = queues.find((queue) => queue.name === 'Billing DE');
const one = await routing.getRoutingQueue(wanted.id);
found.queue = { name: one.name, division: one.division.name, target: one.mediaSettings.call.serviceLevel.percentage };

try {
  await routing.getRoutingQueue('00000000-0000-4000-8000-000000000000');
  found.unknownQueue = 200;
} catch (error) {
  found.unknownQueue = error.status;
  found.unknownQueueCode = error.code;
}

const analytics = new platform.AnalyticsApi();
const query = {
  interval: `${from}/${to}`,
  granularity: 'PT1H',
  groupBy: ['queueId', 'mediaType'],
  metrics: ['nOffered', 'tAnswered', 'tAbandon', 'tFlowOut', 'tHandle', 'oServiceLevel'],
  filter: {
    type: 'and',
    clauses: [{ type: 'or', predicates: [{ type: 'dimension', dimension: 'queueId', operator: 'matches', value: wanted.id }] }],
  },
};
const aggregates = await analytics.postAnalyticsConversationsAggregatesQuery(query);
const voice = aggregates.results.find((result) => result.group.mediaType === 'voice');
found.queueId = wanted.id;
found.foreignGroups = aggregates.results.filter((result) => result.group.queueId !== wanted.id).length;
found.buckets = voice.data.length;
found.offered = voice.data
  .flatMap((bucket) => bucket.metrics.filter((metric) => metric.metric === 'nOffered'))
  .reduce((sum, metric) => sum + metric.stats.count, 0);

try {
  await analytics.postAnalyticsConversationsAggregatesQuery({ ...query, metrics: ['nAnswered'] });
  found.unknownMetric = 200;
} catch (error) {
  found.unknownMetric = error.status;
  found.unknownMetricNamed = String(error.message).includes('nAnswered');
}

const details = { interval: `${from}/${to}`, order: 'asc', orderBy: 'conversationStart' };
const conversations = [];
let detailPage = 1;
do {
  const records = await analytics.postAnalyticsConversationsDetailsQuery({ ...details, paging: { pageSize: 100, pageNumber: detailPage++ } });
  found.totalHits = records.totalHits;
  conversations.push(...(records.conversations ?? []));
} while (conversations.length < found.totalHits);
found.conversations = new Set(conversations.map((conversation) => conversation.conversationId)).size;
found.offeredInDetails = conversations
  .flatMap((conversation) => conversation.participants.flatMap((participant) => participant.sessions))
  .filter((session) => session.mediaType === 'voice' && session.segments.some((segment) => segment.queueId === wanted.id))
  .flatMap((session) => session.metrics ?? [])
  .filter((metric) => metric.name === 'nOffered' && metric.emitDate < to).length;
const single = await analytics.getAnalyticsConversationDetails(conversations[0].conversationId);
found.single = single.conversationId === conversations[0].conversationId;
const several = await analytics.getAnalyticsConversationsDetails({ id: [conversations[0].conversationId, conversations[1].conversationId] });
found.several = several.conversations.length;

const availability = await analytics.getAnalyticsConversationsDetailsJobsAvailability();
found.availability = availability.dataAvailabilityDate;
const { jobId } = await analytics.postAnalyticsConversationsDetailsJobs({ ...details, startOfDayIntervalMatching: true });
do {
  found.jobState = (await analytics.getAnalyticsConversationsDetailsJob(jobId)).state;
} while (found.jobState === 'QUEUED' || found.jobState === 'PENDING');
const jobConversations = [];
found.jobPages = 0;
let cursor;
do {
  const results = await analytics.getAnalyticsConversationsDetailsJobResults(jobId, { cursor, pageSize: 2000 });
  jobConversations.push(...results.conversations);
  found.jobPages += 1;
  cursor = results.cursor;
} while (cursor);
found.conversationsOfJob = new Set(jobConversations.map((conversation) => conversation.conversationId)).size;
found.attributes = jobConversations.some((conversation) => conversation.participants.some((participant) => participant.attributes?.Kundennummer));
await analytics.deleteAnalyticsConversationsDetailsJob(jobId);

console.log(JSON.stringify(found));
process.exit(0);
