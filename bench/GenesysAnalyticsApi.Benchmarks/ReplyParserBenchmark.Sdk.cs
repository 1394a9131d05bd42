using System.Text;
using BenchmarkDotNet.Attributes;
using GenesysAnalyticsApi.PureCloud;
using PureCloudPlatform.Client.V2.Client;
using PureCloudPlatform.Client.V2.Model;
using HttpResponse = PureCloudPlatform.Client.V2.Client.HttpResponse;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>
/// Parses the same replies with the official SDK, in a build that contains it (<c>-p:GenesysSdk=true</c>). Only the serializer of the SDK is measured:
/// its HTTP client would also buffer the reply. The service parses replies itself, even if the SDK sends the requests.
/// </summary>
public partial class ReplyParserBenchmark
{
    private readonly ApiClient _sdk = SdkConfiguration.Create().ApiClient;

    /// <summary>Parses into the SDK's objects, which is what a user of the SDK gets.</summary>
    [Benchmark]
    public int Sdk()
    {
        var response = new HttpResponse { StatusCode = 200, Content = Encoding.UTF8.GetString(_reply), Headers = [] };
        return ((ConversationAggregateQueryResponse)_sdk.Deserialize(response, typeof(ConversationAggregateQueryResponse))).Results.Count;
    }
}
