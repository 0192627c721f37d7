/* SPDX-License-Identifier: BSD-2-Clause */
/* How many CPUs: the affinity mask, and quotas of made-up trees of control groups. */
#include "base/base.h"
#include "base/cpus.h"
#include "unit.h"

#include <ftw.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[] = "cpus-test-XXXXXX";

static void put(const char *name, const char *text)
{
	char path[512];

	snprintf(path, sizeof path, "%s/%s", top, name);
	for (char *slash = strchr(path + strlen(top) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0777);
		*slash = '/';
	}
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int remove_one(const char *path, const struct stat *st UNUSED, int type UNUSED,
                      struct FTW *ftw UNUSED)
{
	return remove(path);
}

static int make_top(void **state UNUSED)
{
	strcpy(top, "cpus-test-XXXXXX");
	return mkdtemp(top) ? 0 : -1;
}

static int remove_top(void **state UNUSED)
{
	return nftw(top, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static unsigned quota(const char *self)
{
	char file[256], root[256];

	put("self", self);
	snprintf(file, sizeof file, "%s/self", top);
	snprintf(root, sizeof root, "%s/fs", top);
	return cpus_quota(file, root);
}

static void without_files_there_is_no_quota(void **state UNUSED)
{
	assert_int_equal(cpus_quota("cpus-test-absent", "cpus-test-absent"), 0);
	assert_int_equal(quota("0::/a/b\n"), 0);
	assert_int_equal(quota("0::/\n"), 0);
	assert_int_equal(quota("garbage\n\n:::\n4:cpu\n"), 0);
	assert_int_equal(quota("\n"), 0);
}

static void version_2_takes_the_strictest_of_all_above(void **state UNUSED)
{
	put("fs/a/cpu.max", "max 100000\n");
	put("fs/a/b/cpu.max", "max 100000\n");
	assert_int_equal(quota("0::/a/b\n"), 0);
	put("fs/a/b/cpu.max", "350000 100000\n");
	assert_int_equal(quota("0::/a/b\n"), 4); /* rounded up */
	put("fs/a/cpu.max", "200000 100000\n");
	assert_int_equal(quota("0::/a/b\n"), 2);
	put("fs/cpu.max", "50000 100000\n");
	assert_int_equal(quota("0::/a/b\n"), 1);
	assert_int_equal(quota("0::/\n"), 1);
	/* A group that is not there does not hide those above it. */
	assert_int_equal(quota("0::/a/gone\n"), 1);
}

static void version_1_asks_the_cpu_controller(void **state UNUSED)
{
	put("fs/cpu,cpuacct/g/cpu.cfs_quota_us", "150000\n");
	put("fs/cpu,cpuacct/g/cpu.cfs_period_us", "50000\n");
	assert_int_equal(quota("5:memory:/g\n4:cpu,cpuacct:/g\n0::/\n"), 3);
	assert_int_equal(quota("5:memory:/g\n4:cpuset:/g\n"), 0);
	put("fs/cpu,cpuacct/g/cpu.cfs_quota_us", "-1\n");
	assert_int_equal(quota("4:cpu,cpuacct:/g\n"), 0);
	/* Inside a container the mount point is the group. */
	put("fs/cpuacct,cpu/cpu.cfs_quota_us", "100000\n");
	put("fs/cpuacct,cpu/cpu.cfs_period_us", "100000\n");
	assert_int_equal(quota("4:cpuacct,cpu:/docker/0123\n"), 1);
}

/* The kernel may name the controllers in another order than the mount point. */
static void version_1_by_any_name_of_the_mount_point(void **state UNUSED)
{
	/* RHEL 7 says cpuacct,cpu. */
	put("fs/cpu,cpuacct/g/cpu.cfs_quota_us", "200000\n");
	put("fs/cpu,cpuacct/g/cpu.cfs_period_us", "100000\n");
	assert_int_equal(quota("4:cpuacct,cpu:/g\n"), 2);
	assert_int_equal(quota("4:cpuset,cpu,cpuacct:/g\n"), 2);
	assert_int_equal(quota("4:cpuacct:/g\n"), 0);
	/* Others mount the controller by its own name, or link it. */
	put("fs/cpu/h/cpu.cfs_quota_us", "100000\n");
	put("fs/cpu/h/cpu.cfs_period_us", "100000\n");
	assert_int_equal(quota("4:cpuacct,cpu:/h\n"), 1);
	assert_int_equal(quota("4:cpu,cpuacct:/h\n"), 1);
}

static void nonsense_is_no_quota(void **state UNUSED)
{
	static const char *const texts[] = {"",
	                                    "\n",
	                                    "x y\n",
	                                    "0 100000\n",
	                                    "-5 100000\n",
	                                    "100000 0\n",
	                                    "100000\n",
	                                    "9223372036854775807 1\n"};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		put("fs/a/cpu.max", texts[i]);
		assert_int_equal(quota("0::/a\n"), 0);
	}
}

static void the_affinity_mask_counts(void **state UNUSED)
{
	cpu_set_t all, one;

	assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
	assert_int_equal(cpus_affinity(), CPU_COUNT(&all));
	assert_true(cpus_usable() >= 1 && cpus_usable() <= cpus_affinity());
	int cpu = 0;
	while (!CPU_ISSET((size_t)cpu, &all))
		cpu++;
	CPU_ZERO(&one);
	CPU_SET((size_t)cpu, &one);
	assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
	assert_int_equal(cpus_affinity(), 1);
	assert_int_equal(cpus_usable(), 1);
	assert_int_equal(sched_setaffinity(0, sizeof all, &all), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(without_files_there_is_no_quota, make_top,
	                                        remove_top),
		cmocka_unit_test_setup_teardown(version_2_takes_the_strictest_of_all_above,
	                                        make_top, remove_top),
		cmocka_unit_test_setup_teardown(version_1_asks_the_cpu_controller, make_top,
	                                        remove_top),
		cmocka_unit_test_setup_teardown(version_1_by_any_name_of_the_mount_point, make_top,
	                                        remove_top),
		cmocka_unit_test_setup_teardown(nonsense_is_no_quota, make_top, remove_top),
		cmocka_unit_test(the_affinity_mask_counts),
	};

	return unit_run(tests);
}
