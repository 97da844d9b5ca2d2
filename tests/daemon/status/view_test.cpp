#include "daemon/status/view.hpp"

#include "daemon/status/page.hpp"
#include "daemon/status/status_json.hpp"
#include "json/document.hpp"

#include <gtest/gtest.h>

namespace flowship::daemon {
namespace {

/// `count` repositories, each with production and staging.
DaemonStatus many(int count) {
  DaemonStatus status;
  for (int number = 0; number < count; ++number) {
    const std::string repository = "Flows-" + std::to_string(number);
    for (const char* environment : {"production", "staging"}) {
      EnvironmentStatus one;
      one.id = {.repository = repository, .environment = environment};
      one.key = repository + "." + environment;
      status.environments.push_back(one);
    }
    status.mirrors.emplace_back();
    status.mirrors.back().repository = repository;
  }
  return status;
}

TEST(View, IsReadFromTheQuery) {
  const View view = view_of("/?environment=flows%2D7+x&page=3&other", 10);
  EXPECT_EQ(view.environment, "flows-7 x");
  EXPECT_EQ(view.page, 3U);
  EXPECT_EQ(view.per_page, 10U);
  EXPECT_EQ(view_of("/", 10).environment, "");
  EXPECT_EQ(view_of("/?page=-1", 10).page, 1U);
  EXPECT_EQ(view_of("/?page=99999999999999999999999", 10).page, 1U);
  EXPECT_EQ(view_of("/?environment=%zz", 10).environment, "");
}

TEST(View, FindsByKeyOrNameElseByPart) {
  const DaemonStatus status = many(20);
  const auto found = [&](const std::string& environment) {
    return page_of(status, {.environment = environment}).total;
  };
  EXPECT_EQ(found(""), 40U);
  EXPECT_EQ(found("Flows-1.staging"), 1U);
  EXPECT_EQ(found("staging"), 20U);
  EXPECT_EQ(found("flows-1"), 22U) << "1 and 10 to 19, in upper or lower case";
  EXPECT_EQ(found("nothing"), 0U);
}

TEST(View, HasOnlyTheEnvironmentsOfItsPageAndTheirRepositories) {
  const DaemonStatus status = many(60);
  const ViewPage last = page_of(status, {.page = 3});
  EXPECT_EQ(last.pages, 3U);
  EXPECT_EQ(last.environments.size(), 20U);
  EXPECT_EQ(last.mirrors.size(), 10U);
  EXPECT_EQ(page_of(status, {.page = 9}).page, 3U);
  EXPECT_EQ(page_of(status, {.page = 0}).page, 1U);
  EXPECT_EQ(page_of({}, {}).pages, 1U);
}

TEST(View, IsWhatPageAndApiShow) {
  const DaemonStatus status = many(60);
  const View second{.environment = "staging", .page = 2};
  const std::string page = status_page(status, Time(), second);
  EXPECT_NE(page.find("Page 2 of 2, 60 environments"), std::string::npos);
  EXPECT_NE(page.find("href=\"/?environment=staging&amp;page=1\""), std::string::npos);
  EXPECT_NE(page.find("Flows-59.staging"), std::string::npos);
  EXPECT_EQ(page.find("production"), std::string::npos);
  const auto document = json::Document::parse(status_json(status, Time(), second));
  EXPECT_EQ(document->root().find("environments").size(), 10U);
  EXPECT_EQ(document->root().find("repositories").size(), 10U);
  EXPECT_EQ(document->root().find("total").text(), "60");
  const std::string none = status_page(status, Time(), {.environment = "<b>"});
  EXPECT_NE(none.find("value=\"&lt;b&gt;\""), std::string::npos);
  EXPECT_NE(none.find("No environment or repository has"), std::string::npos);
}

}  // namespace
}  // namespace flowship::daemon
