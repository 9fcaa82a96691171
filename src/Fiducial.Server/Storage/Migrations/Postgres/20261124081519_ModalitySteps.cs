using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Fiducial.Server.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class ModalitySteps : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "commitments",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    TransactionUid = table.Column<string>(type: "text", nullable: false),
                    AETitle = table.Column<string>(type: "text", nullable: false),
                    RequestedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    DecidedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    AnsweredAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_commitments", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "committed_images",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    CommitmentId = table.Column<long>(type: "bigint", nullable: false),
                    SopClassUid = table.Column<string>(type: "text", nullable: false),
                    SopInstanceUid = table.Column<string>(type: "text", nullable: false),
                    FailureReason = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_committed_images", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "performed_step_exams",
                columns: table => new
                {
                    StepUid = table.Column<string>(type: "text", nullable: false),
                    ExamId = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_performed_step_exams", x => new { x.StepUid, x.ExamId });
                });

            migrationBuilder.CreateTable(
                name: "performed_steps",
                columns: table => new
                {
                    Uid = table.Column<string>(type: "text", nullable: false),
                    Status = table.Column<string>(type: "text", nullable: false),
                    StationAETitle = table.Column<string>(type: "text", nullable: false),
                    StartedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    DiscontinuationReason = table.Column<string>(type: "text", nullable: false),
                    ImageCount = table.Column<int>(type: "integer", nullable: false),
                    Attributes = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_performed_steps", x => x.Uid);
                });

            migrationBuilder.CreateIndex(
                name: "IX_commitments_TransactionUid",
                table: "commitments",
                column: "TransactionUid");

            migrationBuilder.CreateIndex(
                name: "IX_committed_images_CommitmentId",
                table: "committed_images",
                column: "CommitmentId");

            migrationBuilder.CreateIndex(
                name: "IX_committed_images_SopInstanceUid",
                table: "committed_images",
                column: "SopInstanceUid");

            migrationBuilder.CreateIndex(
                name: "IX_performed_step_exams_ExamId",
                table: "performed_step_exams",
                column: "ExamId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "commitments");

            migrationBuilder.DropTable(
                name: "committed_images");

            migrationBuilder.DropTable(
                name: "performed_step_exams");

            migrationBuilder.DropTable(
                name: "performed_steps");
        }
    }
}
