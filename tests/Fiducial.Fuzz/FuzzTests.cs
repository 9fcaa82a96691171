namespace Fiducial.Fuzz;

public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("dataset")]
    [InlineData("part10")]
    [InlineData("json")]
    [InlineData("charset")]
    [InlineData("dicomdir")]
    [InlineData("pdu")]
    [InlineData("deidentify")]
    [InlineData("rle")]
    [InlineData("codestream")]
    [InlineData("fragments")]
    [InlineData("pixels")]
    [InlineData("association")]
    [InlineData("multipart")]
    public void Whatever_bytes_come_they_are_read_or_refused_in_time_and_memory(string name)
    {
        var target = Targets.Named(name);
        var run = new MutationFuzzer(target, Seeds.For(target), seed: 1).Run(200_000, Bound);
        output.WriteLine(run.ToString());
        run.Faults.Should().BeEmpty(run.ToString());
    }

    [Fact]
    public void The_fuzzer_finds_a_fault_where_there_is_one()
    {
        var target = new Target("faulty", bytes => _ = bytes[3]);
        new MutationFuzzer(target, [new byte[8]], seed: 1).Run(10_000, Bound).Faults.Should().NotBeEmpty();
    }
}
