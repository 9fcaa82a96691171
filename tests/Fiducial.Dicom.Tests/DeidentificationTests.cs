using System.Diagnostics;
using Fiducial.Dicom.Deidentification;

namespace Fiducial.Dicom.Tests;

public sealed class DeidentificationTests
{
    private static readonly byte[] Key = "a key that the clinic keeps"u8.ToArray();

    [Fact]
    public void A_text_whose_bytes_are_of_no_named_character_set_stays_as_it_is_or_goes()
    {
        var set = new DicomDataSet()
            .Set(DicomTags.SOPClassUID, DicomUids.CTImageStorage)
            .Set(DicomTags.SpecificCharacterSet, "ISO_IR 144")
            .SetBytes(DicomTags.SeriesDescription, DicomVR.LO, new byte[] { (byte)'A', 0x80 })
            .Set(DicomTags.StudyDescription, "Head");
        var options = new DeidentificationOptions
        {
            CleanDescriptors = true,
            CleanText = (_, text) => text == "Head" ? "\u5C71" : text,
        };
        var cleaned = new Deidentifier(options).Deidentify(set).DataSet;
        cleaned.Find(DicomTags.SeriesDescription)!.Value.ToArray().Should().Equal((byte)'A', 0x80);
        cleaned.GetString(DicomTags.StudyDescription).Should().BeNull();
    }

    [Fact]
    public void The_basic_profile_removes_empties_and_replaces_as_its_table_says()
    {
        var set = Deidentify(Exam(), new DeidentificationOptions { Key = Key }).DataSet;
        set.GetString(DicomTags.PatientName).Should().BeNull();
        set.Contains(DicomTags.PatientName).Should().BeTrue();
        set.GetString(DicomTags.PatientID).Should().Be("REMOVED");
        set.Contains(DicomTags.PatientAge).Should().BeFalse();
        set.Contains(DicomTags.SeriesDescription).Should().BeFalse();
        set.GetString(DicomTags.StudyDate).Should().BeNull();
        set.GetString(DicomTags.InstitutionName).Should().Be("REMOVED");
        set.GetString(DicomTags.Modality).Should().Be("CT");
        set.GetString(DicomTags.SOPClassUID).Should().Be(DicomUids.CTImageStorage);
        set.Any(e => e.Tag.IsPrivate).Should().BeFalse();
        set.Contains(new DicomTag(0x6002, 0x3000)).Should().BeFalse();
        set.GetString(DicomTags.PatientIdentityRemoved).Should().Be("YES");
        set.GetString(DicomTags.LongitudinalTemporalInformationModified).Should().Be("REMOVED");
        set.GetItems(DicomTags.DeidentificationMethodCodeSequence)[0]
            .GetString(DicomTags.CodeValue)
            .Should()
            .Be("113100");
    }

    [Fact]
    public void Nothing_of_the_patient_is_left_in_any_item()
    {
        var set = Exam();
        for (var i = 0; i < 5; i++)
        {
            set = new DicomDataSet().SetItems(DicomTags.ReferencedSeriesSequence, set, Exam());
        }
        using var stream = new MemoryStream();
        DicomFile.WriteDataSet(
            stream,
            Deidentify(set, new DeidentificationOptions { Key = Key }).DataSet,
            TransferSyntax.ExplicitVRLittleEndian
        );
        var text = System.Text.Encoding.Latin1.GetString(stream.ToArray());
        text.Should().NotContain("Doe").And.NotContain("4711").And.NotContain("1.2.826").And.NotContain("SECRET");
    }

    [Fact]
    public void The_same_UID_becomes_the_same_in_every_object_and_another_with_another_key()
    {
        var options = new DeidentificationOptions { Key = Key };
        var first = Deidentify(Exam(), options).DataSet;
        var second = new Deidentifier(new DeidentificationOptions { Key = Key }).Deidentify(Exam()).DataSet;
        var other = Deidentify(Exam(), new DeidentificationOptions()).DataSet;
        var uid = first.GetString(DicomTags.StudyInstanceUID);
        uid.Should().StartWith("2.25.").And.Be(second.GetString(DicomTags.StudyInstanceUID));
        other.GetString(DicomTags.StudyInstanceUID).Should().NotBe(uid);
        first
            .GetItems(DicomTags.ReferencedImageSequence)[0]
            .GetString(DicomTags.ReferencedSOPInstanceUID)
            .Should()
            .Be(first.GetString(DicomTags.SOPInstanceUID));
    }

    [Fact]
    public void Options_keep_what_they_name()
    {
        var set = Deidentify(
            Exam(),
            new DeidentificationOptions
            {
                Key = Key,
                RetainUids = true,
                RetainFullDates = true,
                RetainPatientCharacteristics = true,
                RetainDeviceIdentity = true,
                RetainInstitutionIdentity = true,
                CleanDescriptors = true,
                CleanText = (_, text) => text.Replace("Doe", ""),
                IsSafePrivate = (creator, _) => creator == "ACME",
            }
        ).DataSet;
        set.GetString(DicomTags.StudyInstanceUID).Should().Be("1.2.826.1");
        set.GetString(DicomTags.StudyDate).Should().Be("20260301");
        set.GetString(DicomTags.PatientAge).Should().Be("040Y");
        set.GetString(DicomTags.StationName).Should().Be("CT1");
        set.GetString(DicomTags.InstitutionName).Should().Be("Clinic");
        set.GetString(DicomTags.SeriesDescription).Should().Be("Head of");
        set.FindPrivate(0x0029, "ACME", 0x10)!.Value.Length.Should().Be(6);
        set.FindPrivate(0x0029, "OTHER", 0x10).Should().BeNull();
        set.GetString(DicomTags.PatientName).Should().BeNull();
        set.GetString(DicomTags.LongitudinalTemporalInformationModified).Should().Be("UNMODIFIED");
    }

    [Fact]
    public void Dates_are_moved_by_the_same_days_so_that_intervals_stay()
    {
        var options = new DeidentificationOptions { Key = Key, RetainModifiedDates = true };
        var first = Deidentify(Exam(), options).DataSet;
        var later = Deidentify(Exam().Set(DicomTags.StudyDate, "20260311"), options).DataSet;
        DateOnly Date(DicomDataSet set) => DateOnly.ParseExact(set.GetString(DicomTags.StudyDate)!, "yyyyMMdd");
        Date(first).Should().BeBefore(new DateOnly(2026, 3, 1));
        (Date(later).DayNumber - Date(first).DayNumber).Should().Be(10);
        first.GetString(DicomTags.StudyTime).Should().Be("101500");
        first.GetString(DicomTags.LongitudinalTemporalInformationModified).Should().Be("MODIFIED");
    }

    [Fact]
    public void Pixels_that_may_show_names_are_doubted() =>
        Deidentify(Exam().SetBytes(DicomTags.PixelData, DicomVR.OW, new byte[2]), new DeidentificationOptions())
            .Doubts.Should()
            .ContainMatch("*Burned In Annotation*");

    [Fact]
    public void What_gdcmanon_removes_we_remove()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gdcmanon"), "gdcm is not installed.");
        var path = Samples.Files("dicom/series").First();
        var certificate = Path.GetTempFileName();
        var target = Path.GetTempFileName();
        try
        {
            Run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                "/dev/null",
                "-out",
                certificate,
                "-subj",
                "/CN=t",
                "-days",
                "2"
            );
            Run("gdcmanon", "--de-identify", "-c", certificate, "-i", path, "-o", target);
            Assert.SkipUnless(new FileInfo(target).Length > 0, "gdcmanon wrote nothing.");
            var before = DicomFile.Read(path).DataSet;
            var theirs = DicomFile.Read(target).DataSet;
            var ours = Deidentify(before, new DeidentificationOptions { Key = Key }).DataSet;
            // Those that it takes away altogether must have lost their text here too.
            foreach (var element in before.Where(e => !theirs.Contains(e.Tag) && before.GetString(e.Tag) is not null))
            {
                ours.GetString(element.Tag).Should().NotBe(before.GetString(element.Tag), element.ToString());
            }
        }
        finally
        {
            File.Delete(certificate);
            File.Delete(target);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
    }

    private static DeidentifiedDataSet Deidentify(DicomDataSet set, DeidentificationOptions options) =>
        new Deidentifier(options).Deidentify(set);

    private static DicomDataSet Exam() =>
        new DicomDataSet()
            .Set(DicomTags.SOPClassUID, DicomUids.CTImageStorage)
            .Set(DicomTags.SOPInstanceUID, "1.2.826.3")
            .Set(DicomTags.StudyInstanceUID, "1.2.826.1")
            .Set(DicomTags.SeriesInstanceUID, "1.2.826.2")
            .Set(DicomTags.Modality, "CT")
            .Set(DicomTags.PatientName, "Doe^Jane")
            .Set(DicomTags.PatientID, "4711")
            .Set(DicomTags.PatientAge, "040Y")
            .Set(DicomTags.StudyDate, "20260301")
            .Set(DicomTags.StudyTime, "101500")
            .Set(DicomTags.SeriesDescription, "Head of Doe")
            .Set(DicomTags.StationName, "CT1")
            .Set(DicomTags.InstitutionName, "Clinic")
            .SetItems(
                DicomTags.ReferencedImageSequence,
                new DicomDataSet()
                    .Set(DicomTags.ReferencedSOPClassUID, DicomUids.CTImageStorage)
                    .Set(DicomTags.ReferencedSOPInstanceUID, "1.2.826.3")
            )
            .SetPrivate(0x0029, "ACME", 0x10, DicomVR.LO, "SECRET"u8.ToArray())
            .SetPrivate(0x0029, "OTHER", 0x10, DicomVR.LO, "SECRET"u8.ToArray())
            .SetBytes(new DicomTag(0x6002, 0x3000), DicomVR.OW, "SECRET"u8.ToArray());
}
