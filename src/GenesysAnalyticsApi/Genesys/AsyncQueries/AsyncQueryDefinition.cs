using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.AsyncQueries;

/// <summary>
/// The parts of one kind of asynchronous query: its body, the four requests that it needs and the reader of its pages. Everything else is the same for all
/// kinds (<see cref="AsyncQuery"/>, <see cref="AsyncQueryRunner"/>).
/// </summary>
internal abstract class AsyncQueryDefinition
{
    /// <summary>The Genesys permission that all four requests need.</summary>
    public abstract string Permission { get; }

    public abstract RequestOrigin Origin { get; }

    public abstract Instant From { get; }

    public abstract Instant To { get; }

    /// <summary>
    /// Whether the time limit starts again for each page, once Genesys has computed the query. Otherwise it applies to the query with all its pages.
    /// </summary>
    public abstract bool HasTimePerPage { get; }

    public abstract Task SubmitAsync(GenesysCallContext call, CancellationToken cancellationToken);

    public abstract Task GetStatusAsync(GenesysCallContext call, string id, CancellationToken cancellationToken);

    /// <param name="cursor">The cursor that the previous page returned; null for the first page.</param>
    public abstract Task GetResultsAsync(GenesysCallContext call, string id, string? cursor, CancellationToken cancellationToken);

    public abstract Task DeleteAsync(GenesysCallContext call, string id, CancellationToken cancellationToken);

    /// <summary>Reads a page. If the page is truncated or invalid, none of it is kept, so that the attempt can be repeated.</summary>
    public abstract ValueTask<ResultsPage> ReadAsync(Stream body, CancellationToken cancellationToken);
}

/// <typeparam name="T">What the query returns after each page.</typeparam>
internal abstract class AsyncQueryDefinition<T> : AsyncQueryDefinition
{
    /// <summary>Returns the results that are available now that another page has been read. Called once per page.</summary>
    public abstract T Take(bool isLastPage);
}

/// <param name="Cursor">The cursor of the next page; null or empty on the last page.</param>
/// <param name="Items">How many items the page has, readable or not.</param>
internal sealed record ResultsPage(string? Cursor, int Items);

/// <param name="SubmittedAt">When the query was submitted: its results contain nothing that happened later.</param>
/// <param name="Calls">Attempts sent to Genesys since the previous page; for the first page, since the submission.</param>
internal sealed record AsyncQueryPage<T>(T Content, Instant SubmittedAt, int Calls);
