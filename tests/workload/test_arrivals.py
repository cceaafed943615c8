"""Arrivals are Poisson given the rates, and busyness spreads the days as VERIFICATION A18 has it."""

import math

import numpy as np
import pytest
from scipy import stats

import sim
from sim.errors import SimError
from sim.scenario import Constant
from sim.scenario.arrivals import Arrivals, Busyness, ForecastRow
from sim.workload import draw
from sim.workload.arrivals import Rate, arrival_times, busyness, handle_scale, rate_of, within_the_day
from sim.workload.seeds import Seeds

PROFILE = (30.0, 0.0, 90.0, 60.0)
DAYS = 3000
DAY = sim.loads("""
lasts: 3h
media: {voice: {max_tasks: 1}}
channels: {web: {medium: voice}}
queues: {general: {medium: voice, handle_time: 5m}}
teams: {people: {agents: 1, skills: {general: 5}}}
arrivals: []
""")


def stream(**keys):
    return Arrivals(channel="web", queue="general", **keys)


def days_of(rate, factors=None):
    """Arrival times on many independent days."""
    factors = [1.0] * DAYS if factors is None else factors
    return [arrival_times(Seeds(11, day), "web/general", rate, factor) for day, factor in enumerate(factors)]


@pytest.fixture(scope="module")
def counts():
    """Arrivals by day and hour."""
    days = days_of(rate_of(stream(per_hour=PROFILE), 4 * 3600))
    return np.array([np.histogram(times, bins=4, range=(0, 4 * 3600))[0] for times in days])


class TestPoisson:
    def test_each_hour_has_its_mean(self, counts):
        for hour, mean in enumerate(PROFILE):
            assert abs(counts[:, hour].mean() - mean) <= 4 * math.sqrt(mean / DAYS)

    def test_counts_have_the_dispersion_of_poisson(self, counts):
        for hour in (0, 2, 3):
            index = counts[:, hour].var() / counts[:, hour].mean()
            assert abs(index - 1) < 4 * math.sqrt(2 / DAYS)

    def test_hours_are_independent(self, counts):
        correlation = np.corrcoef(counts[:, [0, 2, 3]].T) - np.eye(3)
        assert np.abs(correlation).max() < 4 / math.sqrt(DAYS)

    def test_nobody_comes_while_the_rate_is_zero(self, counts):
        assert counts[:, 1].sum() == 0

    def test_arrivals_are_spread_evenly_within_an_hour(self):
        times = np.concatenate(days_of(rate_of(stream(per_hour=PROFILE), 4 * 3600))[:300])
        within = times[times > 2 * 3600] % 3600
        assert stats.kstest(within, stats.uniform(0, 3600).cdf).pvalue > 1e-4


def test_times_are_sorted_within_the_day_and_read_only(world):
    times = draw(world("{channel: web, queue: general, per_hour: 3000}")).streams[0].times
    assert np.all(np.diff(times) > 0)
    assert times[0] >= 0
    assert times[-1] < 36000
    with pytest.raises(ValueError, match="read-only"):
        times[0] = 1


def test_inversion_is_exact():
    rate = Rate(np.array([0.0, 200.0]), np.array([100.0, 300.0]), np.array([2.0, 4.0]))
    exposure = np.array([0.5, 1.5, 2.0, 3.0, 5.9, 6.0, 7.0])
    assert rate.times(exposure, 1.0).tolist() == pytest.approx([25, 75, 200, 225, 297.5])
    assert rate.times(exposure, 0.5).tolist() == pytest.approx([50, 225, 250])


def test_an_arrival_rounded_to_the_end_of_an_interval_still_lies_in_it():
    rate = Rate(np.array([36000.0]), np.array([36100.0]), np.array([3.0]))
    assert rate.times(np.array([np.nextafter(3.0, 0)]), 1.0)[0] < 36100


def test_a_day_with_far_more_arrivals_than_expected_is_drawn_to_its_end():
    class Crowded(Seeds):
        def uniforms(self, size, *address):
            return super().uniforms(size, *address) / 100

    times = arrival_times(Crowded(1, 0), "web/general", rate_of(stream(per_hour=60), 36000), 1.0)
    assert times.size > 60_000
    assert times[-1] > 35_900


def test_a_list_of_rates_is_cut_at_the_end_of_the_day():
    rate = rate_of(stream(per_hour=(60.0, 120.0), every=3600), 5400)
    assert rate.ends.tolist() == [3600, 5400]
    assert rate.volumes.tolist() == [60, 60]


def test_one_rate_holds_all_day():
    rate = rate_of(stream(per_hour=60), 9000)
    assert (rate.starts.tolist(), rate.ends.tolist(), rate.volumes.tolist()) == ([0], [9000], [150])


def test_rates_may_have_a_finer_grain():
    assert rate_of(stream(per_hour=(60.0, 120.0), every=900), 36000).volumes.tolist() == [15, 30]


def test_a_stream_without_traffic_is_empty(world):
    assert len(draw(world("{channel: web, queue: general, per_hour: 0}")).streams[0]) == 0


class TestBusyness:
    @pytest.mark.parametrize(
        ("mean", "a", "sd"),
        [(1660, 10, 526.52), pytest.param(5184, 28.7, 970.34, marks=pytest.mark.slow)],
    )
    def test_a18_dispersion_of_daily_totals(self, world, mean, a, sd):
        scenario = world().set("busyness", {"sd": a**-0.5})
        factors = [busyness(scenario, Seeds(11, day), "web/general", None) for day in range(DAYS)]
        totals = np.array(
            [times.size for times in days_of(rate_of(stream(per_hour=mean / 10), 36000), factors)]
        )
        assert math.sqrt(mean + mean**2 / a) == pytest.approx(sd, abs=0.005)
        assert abs(totals.mean() - mean) < 4 * sd / math.sqrt(DAYS)
        # the variance of a sample variance, with the excess kurtosis 6/a of the gamma law
        assert abs(totals.var() / sd**2 - 1) < 4 * math.sqrt((2 + 6 / a) / DAYS)

    def test_the_common_factor_moves_all_streams_and_the_own_one_alone(self, world):
        calm = world()
        common = calm.set("busyness", {"sd": "20%"})
        own = Busyness(sd=0.2)
        seeds = [Seeds(3, day) for day in range(400)]
        both = [
            [busyness(common, seed, name, None) for seed in seeds] for name in ("web/general", "app/billing")
        ]
        alone = [
            [busyness(calm, seed, name, own) for seed in seeds] for name in ("web/general", "app/billing")
        ]
        assert both[0] == both[1]
        assert abs(np.corrcoef(alone)[0, 1]) < 4 / math.sqrt(400)
        product = [busyness(common, seed, "web/general", own) for seed in seeds]
        assert product == pytest.approx(np.multiply(both[0], alone[0]))

    @pytest.mark.slow
    def test_two_levels_have_the_exact_moments(self, world):
        """200 a day over 10 hours, gamma by day (sd 20 %) times gamma by hour (30 %).

        An hour's count has mean 20 and variance 20 + 20^2 (1.04 * 1.09 - 1), two hours of a day the covariance
        20^2 * 0.04.
        """
        scenario = world(
            "{channel: web, queue: general, per_hour: 20, busyness: {sd: 20%, interval_sd: 30%, every: 1h}}"
        )
        edges = np.arange(11) * 3600.0
        days = 3000
        counts = np.array(
            [np.histogram(draw(scenario, day, 5).streams[0].times, edges)[0] for day in range(days)]
        )
        variance = 20 + 400 * (1.04 * 1.09 - 1)
        assert abs(counts.mean() - 20) < 4 * math.sqrt((variance / 10 + 16 * 0.9) / days)
        assert counts.var(axis=0).mean() == pytest.approx(variance, rel=0.06)
        matrix = np.cov(counts.T)
        apart = matrix[~np.eye(10, dtype=bool)].mean()
        assert apart == pytest.approx(400 * 0.04, rel=0.15)
        total = 10 * variance + 90 * 16
        assert counts.sum(axis=1).var() == pytest.approx(total, rel=0.1)

    def test_an_interval_keeps_its_factor(self, world):
        """The grain of the tables, a longer run and the pieces of the rate leave the customers as they are."""
        given = "{channel: web, queue: general, per_hour: 40, busyness: {interval_sd: 40%, every: 30m}}"
        times = draw(world(given)).streams[0].times
        assert np.array_equal(draw(world(given).set("interval", "7m")).streams[0].times, times)
        pieces = given.replace("per_hour: 40", "every: 2h, per_hour: [40, 40, 40, 40, 40]")
        assert draw(world(pieces)).streams[0].times == pytest.approx(times)
        longer = draw(world(given).set("lasts", "20h")).streams[0].times
        assert np.array_equal(longer[: len(times)], times)

    def test_common_intervals_are_shared_and_own_ones_are_not(self, world):
        flat = Rate(np.zeros(1), np.full(1, 36000.0), np.full(1, 100.0))
        common = world().set("busyness", {"interval_sd": "30%", "every": "1h"})
        one, two = (within_the_day(common, Seeds(3, 0), name, None, flat).volumes for name in ("a", "b"))
        assert one.tolist() == two.tolist()
        own = Busyness(interval_sd=0.3, every=3600.0)
        one, two = (within_the_day(world(), Seeds(3, 0), name, own, flat).volumes for name in ("a", "b"))
        assert len(one) == len(two) == 10
        assert one.tolist() != two.tolist()

    def test_factors_of_intervals_are_quantiles_of_the_gamma_law(self, world):
        flat = Rate(np.zeros(1), np.full(1, 36000.0), np.full(1, 100.0))
        own = Busyness(interval_sd=0.5, every=3600.0)
        uniforms = Seeds(3, 0).uniforms(10, "a", "busyness", "interval")
        volumes = within_the_day(world(), Seeds(3, 0), "a", own, flat).volumes
        assert volumes / 10 == pytest.approx(stats.gamma.ppf(uniforms, 4.0, scale=0.25))

    def test_without_busyness_the_factor_is_one(self, world):
        assert busyness(world(), Seeds(1, 0), "web/general", None) == 1.0
        assert busyness(world(), Seeds(1, 0), "web/general", Busyness(sd=0)) == 1.0

    def test_a_factor_keeps_every_contacts_numbers(self, world):
        calm, busy = (draw(world().set("busyness", {"sd": sd}), 5).streams[0] for sd in ("0%", "40%"))
        shared = min(len(calm), len(busy))
        assert len(calm) != len(busy)
        one, other = (stream.draws.uniforms("patience")[:shared].tolist() for stream in (calm, busy))
        assert one == other


class TestForecast:
    ROWS = (ForecastRow(0, 40, 300.0), ForecastRow(1800, 0, None), ForecastRow(3600, 80, 900.0))

    def rate(self, lasts, rows=ROWS):
        return rate_of(Arrivals.model_construct(file="forecast.csv", forecast=rows), lasts)

    def test_volumes_are_expected_contacts_an_interval(self):
        rate = self.rate(36000)
        assert rate.starts.tolist() == [0, 3600]
        assert rate.ends.tolist() == [1800, 5400]
        assert rate.volumes.tolist() == [40, 80]

    def test_an_interval_cut_by_the_end_of_the_day_brings_its_share(self):
        assert self.rate(4050).volumes.tolist() == [40, 20]

    def test_what_was_before_the_opening_does_not_come(self):
        """Of 10 none, of the 20 around the opening half; of 30 a third, as arrivals stop."""
        rows = (ForecastRow(-2700, 10, None), ForecastRow(-900, 20, None), ForecastRow(900, 30, None))
        rate = self.rate(1500, rows)
        assert (rate.starts.tolist(), rate.ends.tolist()) == ([0, 900], [900, 1500])
        assert rate.volumes.tolist() == [10, 10]

    def test_a_single_interval_runs_to_the_end(self):
        assert self.rate(7200, self.ROWS[:1]).ends.tolist() == [7200]

    def test_drawn_volumes_are_those_of_the_file(self):
        days = days_of(self.rate(36000))
        counts = np.array([np.histogram(times, bins=3, range=(0, 5400))[0] for times in days])
        assert abs(counts[:, 0].mean() - 40) < 4 * math.sqrt(40 / DAYS)
        assert counts[:, 1].sum() == 0
        assert abs(counts[:, 2].mean() - 80) < 4 * math.sqrt(80 / DAYS)
        assert all(times[-1] < 5400 for times in days)

    def test_aht_scales_by_the_interval_of_arrival(self):
        scale = handle_scale(self.ROWS, Constant(300.0), np.array([0.0, 1799.0, 1800.0, 3600.0, 9999.0]), DAY)
        assert scale.tolist() == [1, 1, 1, 3, 3]

    def test_without_aht_there_is_no_scale(self):
        assert (
            handle_scale(
                tuple(row._replace(aht_s=None) for row in self.ROWS), Constant(300.0), np.zeros(1), DAY
            )
            is None
        )
        assert handle_scale((), Constant(300.0), np.zeros(1), DAY) is None

    def test_a_handle_time_of_zero_cannot_be_scaled(self):
        with pytest.raises(SimError, match="always 0"):
            handle_scale(self.ROWS, Constant(0.0), np.zeros(1), DAY)


class TestForecastFile:
    CSV = "interval_start,volume,aht_s\n0,100,150\n1800,50,\n3600,200,600\n"

    @pytest.fixture
    def scenario(self, tmp_path, world):
        (tmp_path / "forecast.csv").write_text(self.CSV)
        return world("{channel: web, queue: general, file: forecast.csv}", folder=tmp_path, lasts="90m")

    def test_contacts_come_where_the_file_has_volume(self, scenario):
        counts = np.array(
            [np.histogram(draw(scenario, day).streams[0].times, 3, (0, 5400))[0] for day in range(100)]
        )
        for i, volume in enumerate((100, 50, 200)):
            assert abs(counts[:, i].mean() - volume) < 4 * math.sqrt(volume / 100)

    def test_handle_times_are_scaled_for_every_k_but_not_where_another_queue_handles(self, scenario):
        (web,) = draw(scenario).streams
        law = scenario.queues["general"].handle_time
        assert law.mean == 300
        expected = [{0: 0.5, 1: 1.0, 2: 2.0}[int(t // 1800)] for t in web.times]
        assert list(web.handle_scale) == expected
        for k in range(3):
            plain = web.draws.values("handle_time", law, k, scaled=False)
            scaled = web.draws.values("handle_time", law, k)
            assert scaled.tolist() == pytest.approx(np.multiply(plain, expected))
        assert (
            web.draws.values("patience", law).tolist()
            == web.draws.values("patience", law, scaled=False).tolist()
        )

    def test_a_stream_with_a_rate_has_no_scale(self, world):
        assert draw(world()).streams[0].handle_scale is None


def test_a_rate_is_cut_where_its_factors_change_however_few_it_brings() -> None:
    """Half a contact over 4 s and as much over 2: in intervals of 3 s, with the factors 2, 0 and 4 to the end."""
    rate = Rate(np.array([0.0, 8.0]), np.array([4.0, 10.0]), np.array([0.5, 0.5]))
    cut = rate.modulated(3.0, np.array([2.0, 0.0, 4.0]))
    assert (cut.starts.tolist(), cut.ends.tolist()) == ([0.0, 8.0], [3.0, 10.0])
    assert cut.volumes.tolist() == [0.5 * 3 / 4 * 2, 0.5 * 4]
    assert rate.modulated(3.0, np.array([3.0])).volumes.tolist() == [1.5, 1.5]
