using System.Text.Json.Serialization;

namespace GenesysAnalyticsApi.Jobs;

/// <summary>What a job reads.</summary>
internal enum JobKind
{
    /// <summary>Figures: the query of GET /aggregates.</summary>
    [JsonStringEnumMemberName("aggregates")]
    Aggregates,

    /// <summary>Individual conversations: the query of GET /conversations.</summary>
    [JsonStringEnumMemberName("conversations")]
    Conversations,
}

/// <summary>The query of a job, as the caller sent it. Relative times in the query refer to the time at which the job was created.</summary>
internal abstract record JobQuery
{
    public abstract JobKind Kind { get; }

    /// <summary>The query string, without a question mark.</summary>
    public abstract string Text { get; }

    /// <summary>Whether the result of an ended job for an equal query can be used.</summary>
    public virtual bool AcceptsEarlierResult => true;
}

/// <summary>Runs the jobs of one kind.</summary>
internal interface IJobWork
{
    JobKind Kind { get; }

    /// <summary>Runs the job to its end, with background priority.</summary>
    /// <param name="reportProgress">Called with the job whenever its progress has changed.</param>
    /// <returns>The ended job, which is not stored yet.</returns>
    /// <exception cref="OperationCanceledException">Only if the token was canceled.</exception>
    Task<Job> RunAsync(Job job, Func<Job, Task> reportProgress, CancellationToken cancellationToken);
}

/// <summary>
/// Sends the results of the jobs of one kind. This interface is separate from <see cref="IJobWork"/>, because the handlers that send results also create
/// jobs, so a common interface would depend on itself.
/// </summary>
internal interface IJobResult
{
    JobKind Kind { get; }

    /// <summary>Checks a request for the result of a job, even if the job has not succeeded yet.</summary>
    /// <param name="format">The <c>format</c> parameter of the request; null if the request does not have it.</param>
    /// <param name="bom">The <c>bom</c> parameter of the request; null if the request does not have it.</param>
    /// <returns>A function that sends the result of a job that has succeeded.</returns>
    /// <exception cref="Errors.ProblemException">
    /// 400: a parameter is invalid. 403: the caller lacks a scope. 406: the caller accepts none of the formats.
    /// </exception>
    Func<CancellationToken, Task<IResult>> Prepare(Job job, string? format, string? bom, HttpContext http);
}
