using BenchmarkDotNet.Attributes;
using GenesysAnalyticsApi.PureCloud;
using PureCloudPlatform.Client.V2.Model;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>
/// The same answers by the official SDK; only in a build that has it (<c>-p:GenesysSdk=true</c>). Its serializer alone, without its HTTP
/// client, which would buffer the answer once more.
/// </summary>
public partial class ReadingFacts
{
    private readonly SdkAnswerReader _sdk = new(SdkConfiguration.Create().ApiClient);

    /// <summary>Into the SDK's objects, which is what whoever uses the SDK has.</summary>
    [Benchmark]
    public async Task<int> Sdk()
    {
        using var body = new MemoryStream(_answer);
        return (await _sdk.ReadAsync<ConversationAggregateQueryResponse>(body, CancellationToken.None)).Results.Count;
    }
}
