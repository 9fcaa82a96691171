using Fiducial.Archive.Web;

namespace Fiducial.Archive.QueryRetrieve;

/// <summary>
/// What SOP Class Extended Negotiation agrees on (PS3.4 C.5.1.1, C.5.2.1, C.5.3.1): a byte for each behaviour, 1 for those that are wanted and,
/// in the answer, for those that are given. Time zones are not adjusted and images not converted: these stay 0.
/// </summary>
/// <param name="IsRelational">The unique keys above the level may be left out.</param>
/// <param name="Manner">How a query compares.</param>
internal sealed record AgreedBehaviours(bool IsRelational, QueryManner Manner)
{
    private const int QueryBehaviours = 3;
    private const int RetrievalBehaviours = 1;

    /// <summary>Of C-FIND: relational queries, dates and times combined, names alike. Null when nothing is agreed on.</summary>
    public static byte[]? OfQuery(ReadOnlySpan<byte> proposed) => Agree(proposed, QueryBehaviours);

    /// <summary>Of C-MOVE and C-GET: relational retrieval.</summary>
    public static byte[]? OfRetrieval(ReadOnlySpan<byte> proposed) => Agree(proposed, RetrievalBehaviours);

    /// <param name="agreed">What was answered; empty when nothing.</param>
    public static AgreedBehaviours Of(ReadOnlySpan<byte> agreed) =>
        new(Has(agreed, 0), new QueryManner(CombinesDateAndTime: Has(agreed, 1), IsFuzzy: Has(agreed, 2)));

    private static byte[]? Agree(ReadOnlySpan<byte> proposed, int given)
    {
        var answer = proposed.ToArray();
        for (var i = 0; i < answer.Length; i++)
        {
            answer[i] = i < given && answer[i] == 1 ? (byte)1 : (byte)0;
        }
        return answer.Contains((byte)1) ? answer : null;
    }

    private static bool Has(ReadOnlySpan<byte> agreed, int behaviour) =>
        agreed.Length > behaviour && agreed[behaviour] == 1;
}
