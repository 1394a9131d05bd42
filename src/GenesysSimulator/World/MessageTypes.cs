namespace GenesysSimulator.World;

/// <summary>
/// The message types and their shares in thousandths. Customers use all types. Agents start conversations only with the types that use a phone number.
/// </summary>
internal static class MessageTypes
{
    /// <summary>The number for a conversation without a message type. The numbers of the types start at 1.</summary>
    public const int None = 0;

    private static readonly (string Name, int Inbound, int Outbound)[] Shares =
    [
        ("webmessaging", 470, 0), ("whatsapp", 310, 620), ("sms", 110, 380), ("facebook", 70, 0), ("open", 40, 0),
    ];

    public static int Count => Shares.Length;

    public static string? Name(int number) => number == None ? null : Shares[number - 1].Name;

    public static int Pick(bool isInbound, ulong seed)
    {
        var remaining = new SeededRandom(seed).Below(1000);
        var number = 0;
        while (remaining >= 0)
        {
            var (_, inbound, outbound) = Shares[number++];
            remaining -= isInbound ? inbound : outbound;
        }

        return number;
    }
}
