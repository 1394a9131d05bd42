using System.Text;
using BenchmarkDotNet.Attributes;
using GenesysAnalyticsApi.PureCloud;
using PureCloudPlatform.Client.V2.Client;
using PureCloudPlatform.Client.V2.Model;
using HttpResponse = PureCloudPlatform.Client.V2.Client.HttpResponse;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>
/// The same replies by the official SDK; only in a build that has it (<c>-p:GenesysSdk=true</c>). Its serializer alone, without its HTTP
/// client, which would buffer the reply once more. The service does not read this way, with either client.
/// </summary>
public partial class ReadingFacts
{
    private readonly ApiClient _sdk = SdkConfiguration.Create().ApiClient;

    /// <summary>Into the SDK's objects, which is what a user of the SDK has.</summary>
    [Benchmark]
    public int Sdk()
    {
        var response = new HttpResponse { StatusCode = 200, Content = Encoding.UTF8.GetString(_answer), Headers = [] };
        return ((ConversationAggregateQueryResponse)_sdk.Deserialize(response, typeof(ConversationAggregateQueryResponse))).Results.Count;
    }
}
