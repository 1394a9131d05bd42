using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.AsyncQueries;

/// <summary>
/// Defines what differs between the kinds of asynchronous queries: the four requests, including the body of the submission, and the reader of the pages.
/// <see cref="AsyncQuery"/> and <see cref="AsyncQueryRunner"/> contain what all kinds share.
/// </summary>
internal abstract class AsyncQueryDefinition
{
    /// <summary>The Genesys permission that all four requests need.</summary>
    public abstract string Permission { get; }

    public abstract RequestOrigin Origin { get; }

    public abstract Instant From { get; }

    public abstract Instant To { get; }

    /// <summary>
    /// Whether the time limit restarts for each page once Genesys has computed the results. If not, one time limit applies to the whole query, including all
    /// pages.
    /// </summary>
    public abstract bool HasTimeLimitPerPage { get; }

    public abstract Task SubmitAsync(GenesysCallContext call, CancellationToken cancellationToken);

    public abstract Task GetStatusAsync(GenesysCallContext call, string id, CancellationToken cancellationToken);

    /// <param name="cursor">The cursor that the previous page returned; null for the first page.</param>
    public abstract Task GetResultsAsync(GenesysCallContext call, string id, string? cursor, CancellationToken cancellationToken);

    public abstract Task DeleteAsync(GenesysCallContext call, string id, CancellationToken cancellationToken);

    /// <summary>Reads a page. If the page is truncated or invalid, none of it is kept, so the page can be requested again.</summary>
    public abstract ValueTask<ResultsPage> ReadAsync(Stream body, CancellationToken cancellationToken);
}

/// <typeparam name="T">What the query returns after each page.</typeparam>
internal abstract class AsyncQueryDefinition<T> : AsyncQueryDefinition
{
    /// <summary>Returns the results that are available after the latest page. Called once for each page, after the page has been read.</summary>
    public abstract T Take(bool isLastPage);
}

/// <param name="Cursor">The cursor of the next page; null or empty on the last page.</param>
/// <param name="Items">The number of items on the page, readable or not.</param>
internal sealed record ResultsPage(string? Cursor, int Items);

/// <param name="SubmittedAt">When the query was submitted. Its results contain nothing that happened later.</param>
/// <param name="Calls">Requests sent to Genesys since the previous page, including retries; for the first page, including the submission.</param>
internal sealed record AsyncQueryPage<T>(T Content, Instant SubmittedAt, int Calls);
