using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Fiducial.Server.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class PathwayWhole : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "MergedInto",
                table: "patients",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "RejectReason",
                table: "images",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "CopyToIds",
                table: "exams",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<int>(
                name: "DeliveredVersion",
                table: "exams",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "FormerHolderIds",
                table: "exams",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "GlassBrokenById",
                table: "exams",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<bool>(
                name: "LegalHold",
                table: "exams",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "ManifestCount",
                table: "exams",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "cover",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    DoctorId = table.Column<string>(type: "text", nullable: false),
                    CoverId = table.Column<string>(type: "text", nullable: false),
                    ExamId = table.Column<Guid>(type: "uuid", nullable: true),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    Until = table.Column<DateOnly>(type: "date", nullable: false),
                    AcceptedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_cover", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "masks",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PatientId = table.Column<string>(type: "text", nullable: false),
                    PersonId = table.Column<string>(type: "text", nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_masks", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "merges",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    MergeId = table.Column<Guid>(type: "uuid", nullable: false),
                    ExamId = table.Column<Guid>(type: "uuid", nullable: false),
                    FromPatientId = table.Column<string>(type: "text", nullable: false),
                    IntoPatientId = table.Column<string>(type: "text", nullable: false),
                    StartedById = table.Column<string>(type: "text", nullable: false),
                    StartedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    FinishedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Undoes = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_merges", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "notices",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ExamId = table.Column<Guid>(type: "uuid", nullable: false),
                    TimerId = table.Column<long>(type: "bigint", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    Role = table.Column<string>(type: "text", nullable: false),
                    PersonId = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_notices", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "preliminary_reports",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ExamId = table.Column<Guid>(type: "uuid", nullable: false),
                    AuthorId = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Hash = table.Column<string>(type: "text", nullable: false),
                    Sections_ClinicalInformation = table.Column<string>(type: "text", nullable: false),
                    Sections_Comparison = table.Column<string>(type: "text", nullable: false),
                    Sections_Findings = table.Column<string>(type: "text", nullable: false),
                    Sections_Impression = table.Column<string>(type: "text", nullable: false),
                    Sections_Recommendations = table.Column<string>(type: "text", nullable: false),
                    Sections_Technique = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_preliminary_reports", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "proxies",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PatientId = table.Column<string>(type: "text", nullable: false),
                    PersonId = table.Column<string>(type: "text", nullable: false),
                    Basis = table.Column<string>(type: "text", nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    Until = table.Column<DateOnly>(type: "date", nullable: true),
                    RestrictedByPatient = table.Column<bool>(type: "boolean", nullable: false),
                    Disputed = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_proxies", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "step_words",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ExamId = table.Column<Guid>(type: "uuid", nullable: false),
                    Sequence = table.Column<int>(type: "integer", nullable: false),
                    Step = table.Column<string>(type: "text", nullable: false),
                    AuthorId = table.Column<string>(type: "text", nullable: false),
                    Words = table.Column<string>(type: "text", nullable: false),
                    Hash = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_step_words", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "timers",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ExamId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    StartedBy = table.Column<string>(type: "text", nullable: false),
                    Sequence = table.Column<int>(type: "integer", nullable: false),
                    DueAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Fired = table.Column<bool>(type: "boolean", nullable: false),
                    LeasedUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    LastError = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_timers", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_cover_DoctorId",
                table: "cover",
                column: "DoctorId");

            migrationBuilder.CreateIndex(
                name: "IX_masks_PatientId_PersonId",
                table: "masks",
                columns: new[] { "PatientId", "PersonId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_merges_ExamId",
                table: "merges",
                column: "ExamId");

            migrationBuilder.CreateIndex(
                name: "IX_merges_MergeId",
                table: "merges",
                column: "MergeId");

            migrationBuilder.CreateIndex(
                name: "IX_notices_Role_PersonId",
                table: "notices",
                columns: new[] { "Role", "PersonId" });

            migrationBuilder.CreateIndex(
                name: "IX_notices_TimerId_Role_PersonId",
                table: "notices",
                columns: new[] { "TimerId", "Role", "PersonId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_preliminary_reports_ExamId",
                table: "preliminary_reports",
                column: "ExamId");

            migrationBuilder.CreateIndex(
                name: "IX_proxies_PatientId_PersonId",
                table: "proxies",
                columns: new[] { "PatientId", "PersonId" });

            migrationBuilder.CreateIndex(
                name: "IX_step_words_ExamId_Sequence",
                table: "step_words",
                columns: new[] { "ExamId", "Sequence" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_timers_EndedAt_DueAt",
                table: "timers",
                columns: new[] { "EndedAt", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_timers_ExamId",
                table: "timers",
                column: "ExamId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "cover");

            migrationBuilder.DropTable(
                name: "masks");

            migrationBuilder.DropTable(
                name: "merges");

            migrationBuilder.DropTable(
                name: "notices");

            migrationBuilder.DropTable(
                name: "preliminary_reports");

            migrationBuilder.DropTable(
                name: "proxies");

            migrationBuilder.DropTable(
                name: "step_words");

            migrationBuilder.DropTable(
                name: "timers");

            migrationBuilder.DropColumn(
                name: "MergedInto",
                table: "patients");

            migrationBuilder.DropColumn(
                name: "RejectReason",
                table: "images");

            migrationBuilder.DropColumn(
                name: "CopyToIds",
                table: "exams");

            migrationBuilder.DropColumn(
                name: "DeliveredVersion",
                table: "exams");

            migrationBuilder.DropColumn(
                name: "FormerHolderIds",
                table: "exams");

            migrationBuilder.DropColumn(
                name: "GlassBrokenById",
                table: "exams");

            migrationBuilder.DropColumn(
                name: "LegalHold",
                table: "exams");

            migrationBuilder.DropColumn(
                name: "ManifestCount",
                table: "exams");
        }
    }
}
