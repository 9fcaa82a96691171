using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fiducial.Server.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Law : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "GlassToReview",
                table: "exams",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "GlassWithDirector",
                table: "exams",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "workstations",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Zone = table.Column<string>(type: "text", nullable: false),
                    RegisteredAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    CodeHash = table.Column<string>(type: "text", nullable: false),
                    CodeUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    KeyHash = table.Column<string>(type: "text", nullable: false),
                    EnrolledAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    RevokedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_workstations", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_workstations_CodeHash",
                table: "workstations",
                column: "CodeHash");

            migrationBuilder.CreateIndex(
                name: "IX_workstations_KeyHash",
                table: "workstations",
                column: "KeyHash");

            // What was broken before its review was a step waits for it (ExamFold, B1).
            migrationBuilder.Sql(@"UPDATE exams SET ""GlassToReview"" = (SELECT coalesce(string_agg(l.""Sequence""::text || ' ', '' ORDER BY l.""Sequence""), '') FROM ledger l WHERE l.""ExamId"" = exams.""Id"" AND l.""Step"" = 'B1' AND l.""Taken"")");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "workstations");

            migrationBuilder.DropColumn(
                name: "GlassToReview",
                table: "exams");

            migrationBuilder.DropColumn(
                name: "GlassWithDirector",
                table: "exams");
        }
    }
}
