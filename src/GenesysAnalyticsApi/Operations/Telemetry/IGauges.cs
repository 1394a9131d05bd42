namespace GenesysAnalyticsApi.Operations;

/// <summary>What is read when somebody looks. Nobody needs it, so it is made when the service starts.</summary>
internal interface IGauges;
