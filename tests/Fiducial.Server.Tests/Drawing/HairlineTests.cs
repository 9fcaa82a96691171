using Fiducial.Server.Demonstration.Drawing;

namespace Fiducial.Server.Tests.Drawing;

/// <summary>The hairline fracture is plain at full fidelity and gone in the preview: measured along the line, on both sides.</summary>
public sealed class HairlineTests
{
    private const double Factor = 6.67;
    private static readonly ushort[] Pixels = WristRadiograph.Pixels(isPosteroAnterior: true);

    [Fact]
    public void At_full_fidelity_it_stands_out_of_the_noise()
    {
        var contrast = Enumerable
            .Range(WristRadiograph.FractureFrom, WristRadiograph.FractureTo - WristRadiograph.FractureFrom)
            .Average(x => (At(x, -6) + At(x, -5) + At(x, 5) + At(x, 6)) / 4.0 - At(x, 0));
        var levels = contrast / (1500 / 255.0);
        levels.Should().BeGreaterThan(2 * WristRadiograph.NoiseDeviation / (1500 / 255.0));
    }

    [Fact]
    public void In_the_preview_it_is_less_than_half_a_grey_level()
    {
        var contrast = Enumerable
            .Range(WristRadiograph.FractureFrom, WristRadiograph.FractureTo - WristRadiograph.FractureFrom)
            .Average(x => (Box(x, -14) + Box(x, 14)) / 2 - Box(x, 0));
        Math.Abs(contrast / (WristRadiograph.WindowWidth / 255)).Should().BeLessThan(0.5);
    }

    private static double At(int column, int offset) =>
        Pixels[(WristRadiograph.FractureRow(column) + offset) * WristRadiograph.Columns + column];

    // The mean of the rows that fall into one pixel of the preview.
    private static double Box(int column, int offset) =>
        Enumerable.Range(-3, 7).Average(i => At(column, offset + i)) * 7 / Factor
        + At(column, offset) * (1 - 7 / Factor);
}
